import { dialectOf } from '@cleanmail/scim';
import { DialectWatch } from '@cleanmail/tenants';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { openCall } from './scim-call.js';

/** The last guard: makes a request that the others let through a call, and notes which dialect it shows. */
@Injectable()
export class CallGuard implements CanActivate {
  constructor(private readonly watch: DialectWatch) {}

  canActivate(context: ExecutionContext): boolean {
    const { principal, request } = openCall(context);
    const { method, headers, query, body } = context
      .switchToHttp()
      .getRequest<FastifyRequest<{ Querystring: Readonly<Record<string, unknown>> }>>();
    const sign = dialectOf({ method, userAgent: headers['user-agent'], query, body });
    if (sign !== undefined) {
      this.watch.note(principal.tenant, sign, request.requestId);
    }
    return true;
  }
}
