import { logEntry, ProvisioningLog, type ProvisioningResult } from '@cleanmail/journal';
import { toScimError } from '@cleanmail/scim-http';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, type Observable, tap, throwError } from 'rxjs';
import { failureOf, textMember } from './failed-request.js';
import { type ScimCall, scimCallOf } from './scim-call.js';

/** What the service that carries it out logs itself, in the transaction of the change. */
const leavesEntry: ReadonlySet<string> = new Set(['create', 'replace', 'modify', 'delete']);

/**
 * Logs what changes nothing: reads, requests that fail, and a bulk request beside its operations. What a request changes is logged by the service that
 * changes it, in the same transaction.
 */
@Injectable()
export class ProvisioningLogInterceptor implements NestInterceptor {
  constructor(private readonly log: ProvisioningLog) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const call = scimCallOf(context);
    const target = targetOf(request, call);
    return next.handle().pipe(
      tap(() => {
        if (!leavesEntry.has(call.request.operation)) {
          this.append(call, { outcome: 'success', status: http.getResponse<FastifyReply>().statusCode, ...target });
        }
      }),
      catchError((thrown: unknown) => {
        const error = toScimError(thrown);
        this.append(call, { ...failureOf(error), ...target });
        return throwError(() => thrown);
      }),
    );
  }

  private append({ principal, request }: ScimCall, result: ProvisioningResult): void {
    this.log.append(principal.tenant, logEntry(request, result));
  }
}

/** Whom a request is about, as far as it says so: the id in its path, the userName in its body or its filter. */
function targetOf(
  { params, body, query }: FastifyRequest,
  { request }: ScimCall,
): Pick<ProvisioningResult, 'resourceId' | 'userName'> {
  const { id } = (params ?? {}) as { readonly id?: string };
  const userName =
    request.operation === 'query'
      ? userNameInFilter(textMember(query, 'filter') ?? textMember(body, 'filter'))
      : textMember(body, 'userName');
  return { ...(id === undefined ? {} : { resourceId: id }), ...(userName === undefined ? {} : { userName }) };
}

const lookupStart = 'username eq "';

/** The name in `userName eq "…"`, the filter with which Entra looks for a person. */
function userNameInFilter(filter: string | undefined): string | undefined {
  const isLookup =
    filter?.toLowerCase().startsWith(lookupStart) === true &&
    filter.indexOf('"', lookupStart.length) === filter.length - 1;
  return isLookup ? filter?.slice(lookupStart.length, -1) : undefined;
}
