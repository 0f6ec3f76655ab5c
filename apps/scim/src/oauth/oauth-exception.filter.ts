import { Metrics } from '@cleanmail/listener';
import { isFault, ScimExceptionFilter, toScimError } from '@cleanmail/scim-http';
import { type ArgumentsHost, Catch, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noteFailure } from '../request-log.js';
import { isOAuthRoute } from './oauth-route.js';
import { OAuthError } from './oauth.error.js';

/** Answers errors of OAuth's routes as RFC 6749 section 5.2 has them, and all others as SCIM does. */
@Catch()
export class OAuthExceptionFilter extends ScimExceptionFilter {
  private readonly faults = new Logger(OAuthExceptionFilter.name);

  constructor(private readonly refusals: Metrics) {
    super(refusals);
  }

  override catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (!isOAuthRoute(request)) {
      noteFailure(request, thrown);
      super.catch(thrown, host);
      return;
    }
    const { status, code, message, retryAfterSeconds } = this.toOAuthError(thrown);
    if (status === 401) {
      this.refusals.countRefusal('invalid_client');
    }
    const headers = {
      pragma: 'no-cache',
      ...(status === 401 ? { 'www-authenticate': 'Basic realm="scim"' } : {}),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    };
    void http
      .getResponse<FastifyReply>()
      .code(status)
      .headers(headers)
      .send({ error: code, error_description: message });
  }

  private toOAuthError(thrown: unknown): OAuthError {
    if (thrown instanceof OAuthError) {
      return thrown;
    }
    const error = toScimError(thrown);
    if (isFault(error)) {
      this.faults.error(thrown, OAuthExceptionFilter.name);
      return OAuthError.serverError();
    }
    return error.status === 503 ? OAuthError.unavailable(5) : OAuthError.invalidRequest('The request cannot be read.');
  }
}
