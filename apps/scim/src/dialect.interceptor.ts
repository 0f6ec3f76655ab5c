import { dialectOf } from '@cleanmail/scim';
import { DialectWatch } from '@cleanmail/tenants';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { scimCallOf } from './scim-call.js';

/** Notes which dialect a request shows, whatever becomes of the request. */
@Injectable()
export class DialectInterceptor implements NestInterceptor {
  constructor(private readonly watch: DialectWatch) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { method, headers, query, body } = context
      .switchToHttp()
      .getRequest<FastifyRequest<{ Querystring: Readonly<Record<string, unknown>> }>>();
    const sign = dialectOf({ method, userAgent: headers['user-agent'], query, body });
    if (sign !== undefined) {
      const { principal, request } = scimCallOf(context);
      this.watch.note(principal.tenant, sign, request.requestId);
    }
    return next.handle();
  }
}
