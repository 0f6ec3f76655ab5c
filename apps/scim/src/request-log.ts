import { logEntry, ProvisioningLog, type ProvisioningResult } from '@cleanmail/journal';
import type { ScimError } from '@cleanmail/scim';
import { toScimError } from '@cleanmail/scim-http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { failureOf, textMember } from './failed-request.js';

declare module 'fastify' {
  interface FastifyRequest {
    scimFailure?: ScimError;
  }
}

/** Notes what a request failed with, for its line in the log. */
export function noteFailure(request: FastifyRequest, thrown: unknown): void {
  request.scimFailure = toScimError(thrown);
}

/** What the service that carries it out logs itself, in the transaction of the change. */
const leavesEntry: ReadonlySet<string> = new Set(['create', 'replace', 'modify', 'delete']);

/**
 * Logs the calls that change nothing: reads, requests that fail, and a bulk request beside its operations. What a call
 * changes is logged by the service that changes it, in the same transaction.
 */
@Injectable()
export class RequestLog implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly log: ProvisioningLog,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onSend', (request, reply, _payload, done) => {
      this.answered(request, reply);
      done();
    });
  }

  private answered(request: FastifyRequest, { statusCode }: FastifyReply): void {
    const { scimCall: call, scimFailure: failure } = request;
    if (call === undefined || (failure === undefined && leavesEntry.has(call.request.operation))) {
      return;
    }
    const result: ProvisioningResult =
      failure === undefined ? { outcome: 'success', status: statusCode } : failureOf(failure);
    this.log.append(call.principal.tenant, logEntry(call.request, { ...result, ...targetOf(request, call.request) }));
  }
}

/** Whom a request is about, as far as it says so: the id in its path, the userName in its body or its filter. */
function targetOf(
  { params, body, query }: FastifyRequest,
  { operation }: { readonly operation: string },
): Pick<ProvisioningResult, 'resourceId' | 'userName'> {
  const { id } = (params ?? {}) as { readonly id?: string };
  const userName =
    operation === 'query'
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
