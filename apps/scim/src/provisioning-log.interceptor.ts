import { logEntry, ProvisioningLog, type ProvisioningResult } from '@cleanmail/journal';
import type { ScimError } from '@cleanmail/scim';
import { toScimError } from '@cleanmail/scim-http';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, type Observable, tap, throwError } from 'rxjs';
import { type ScimCall, scimCallOf } from './scim-call.js';

/**
 * Logs what changes nothing: reads, and requests that fail. What a request changes is logged by the service that
 * changes it, in the same transaction.
 */
@Injectable()
export class ProvisioningLogInterceptor implements NestInterceptor {
  constructor(private readonly log: ProvisioningLog) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const call = scimCallOf(context);
    const target = targetOf(request);
    return next.handle().pipe(
      tap(() => {
        if (request.method === 'GET' || request.method === 'HEAD') {
          this.append(call, { outcome: 'success', status: http.getResponse<FastifyReply>().statusCode, ...target });
        }
      }),
      catchError((thrown: unknown) => {
        const error = toScimError(thrown);
        this.append(call, { ...failure(error), ...target });
        return throwError(() => thrown);
      }),
    );
  }

  private append({ principal, request }: ScimCall, result: ProvisioningResult): void {
    this.log.append(principal.tenant, logEntry(request, result));
  }
}

function failure({ status, scimType, detail }: ScimError): ProvisioningResult {
  return { outcome: 'failure', status, detail, ...(scimType === undefined ? {} : { scimType }) };
}

/** Whom a request is about, as far as it says so: the id in its path, the userName in its body or its filter. */
function targetOf({ params, body, query }: FastifyRequest): Pick<ProvisioningResult, 'resourceId' | 'userName'> {
  const { id } = (params ?? {}) as { readonly id?: string };
  const userName = textMember(body, 'userName') ?? userNameInFilter(textMember(query, 'filter'));
  return { ...(id === undefined ? {} : { resourceId: id }), ...(userName === undefined ? {} : { userName }) };
}

function textMember(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
    return undefined;
  }
  const member = (value as Readonly<Record<string, unknown>>)[key];
  return typeof member === 'string' ? member : undefined;
}

const lookupStart = 'username eq "';

/** The name in `userName eq "…"`, the filter with which Entra looks for a person. */
function userNameInFilter(filter: string | undefined): string | undefined {
  const isLookup =
    filter?.toLowerCase().startsWith(lookupStart) === true &&
    filter.indexOf('"', lookupStart.length) === filter.length - 1;
  return isLookup ? filter?.slice(lookupStart.length, -1) : undefined;
}
