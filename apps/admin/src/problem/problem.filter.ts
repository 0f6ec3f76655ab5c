import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemMediaType } from './problem.js';
import { toProblem } from './to-problem.js';

/** Answers every error of the admin surface as `application/problem+json` (RFC 9457), also unknown routes and broken JSON. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const body = toProblem(thrown);
    if (body.status === 500) {
      this.logger.error(thrown, ProblemFilter.name);
    }
    const http = host.switchToHttp();
    void http
      .getResponse<FastifyReply>()
      .code(body.status)
      .headers({
        'content-type': problemMediaType,
        ...(body.status === 401 ? { 'www-authenticate': 'Bearer realm="admin"' } : {}),
        ...(body.status === 503 ? { 'retry-after': '5' } : {}),
      })
      .send({ ...body, instance: `urn:uuid:${http.getRequest<FastifyRequest>().id}` });
  }
}
