import { ScimController } from '@cleanmail/scim-http';
import { scimBasePaths, tokenEndpointPath } from '@cleanmail/tenants';
import { Header, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { OAuthRoute } from './oauth-route.js';
import { TokenEndpoint, type TokenResponse } from './token.endpoint.js';

/** The token endpoint of OAuth 2.0 (RFC 6749 section 3.2), below the base path of every service. */
@ScimController(scimBasePaths, tokenEndpointPath)
export class TokenController {
  constructor(private readonly endpoint: TokenEndpoint) {}

  @Post()
  @HttpCode(200)
  @Header('Pragma', 'no-cache')
  @OAuthRoute()
  issue(@Req() request: FastifyRequest): Promise<TokenResponse> {
    return this.endpoint.issue(request);
  }
}
