import { CONFIGURATION, type Configuration } from '@cleanmail/config';
import { Metrics } from '@cleanmail/listener';
import { basePathOf, ClientCredentials } from '@cleanmail/tenants';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { FormBody, formMediaType } from './form-body.js';
import { OAuthError } from './oauth.error.js';
import { parseTokenRequest } from './token-request.js';
import { WrongCredentials } from './wrong-credentials.js';

/** An access token as RFC 6749 section 5.1 has it; without `scope`, as every scope that is asked for is granted. */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
}

/** Gives access tokens for client credentials. */
@Injectable()
export class TokenEndpoint {
  constructor(
    private readonly credentials: ClientCredentials,
    private readonly wrong: WrongCredentials,
    private readonly metrics: Metrics,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** @throws OAuthError */
  async issue({ body, headers, routeOptions, ip }: FastifyRequest): Promise<TokenResponse> {
    const client = parseTokenRequest(formOf(body), headers.authorization);
    const basePath = basePathOf(routeOptions.url ?? '') ?? '';
    const granted = await this.credentials.grant(client, basePath, this.configuration.accessTokenSeconds);
    if (granted === undefined) {
      throw await this.refusal(ip);
    }
    return { access_token: granted.accessToken, token_type: 'Bearer', expires_in: granted.expiresIn };
  }

  private async refusal(address: string): Promise<OAuthError> {
    const seconds = await this.wrong.count(address);
    if (seconds === 0) {
      return OAuthError.invalidClient();
    }
    this.metrics.countRefusal('rate_limit_clients');
    return OAuthError.tooManyAttempts(seconds);
  }
}

function formOf(body: unknown): string {
  if (!(body instanceof FormBody)) {
    throw OAuthError.invalidRequest(`The request body must be ${formMediaType}.`);
  }
  if (body.text === undefined) {
    throw OAuthError.invalidRequest('The request body is too long or not complete.');
  }
  return body.text;
}
