import { Metrics } from '@cleanmail/listener';
import { errorMessage, type ScimError } from '@cleanmail/scim';
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { scimMediaType } from './scim-media-type.js';
import { isFault, toScimError } from './to-scim-error.js';

/** Seconds after which a client may try again when the service cannot answer. */
const unavailableSeconds = 5;

/** Answers every error of the SCIM surface as an Error message (RFC 7644 section 3.12), also unknown routes and broken JSON. */
@Catch()
export class ScimExceptionFilter implements ExceptionFilter {
  private readonly logger = new Logger(ScimExceptionFilter.name);

  constructor(private readonly metrics: Metrics) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = toScimError(thrown);
    if (isFault(error)) {
      this.logger.error(thrown, ScimExceptionFilter.name);
    }
    if (error.status === 401) {
      this.metrics.countRefusal('invalid_token');
    }
    const http = host.switchToHttp();
    const headers = headersOf(error, http.getRequest<FastifyRequest>());
    void http.getResponse<FastifyReply>().code(error.status).headers(headers).send(errorMessage(error));
  }
}

function headersOf({ status, retryAfterSeconds }: ScimError, { headers }: FastifyRequest): Record<string, string> {
  const retry = retryAfterSeconds ?? (status === 503 ? unavailableSeconds : undefined);
  return {
    'content-type': scimMediaType,
    ...(status === 401 ? { 'www-authenticate': challenge(headers.authorization) } : {}),
    ...(retry === undefined ? {} : { 'retry-after': String(retry) }),
  };
}

/** RFC 6750 section 3.1: the error is named to whom presented a bearer token, and to nobody else. */
function challenge(authorization = ''): string {
  return `Bearer realm="scim"${/^bearer +\S/i.test(authorization) ? ', error="invalid_token"' : ''}`;
}
