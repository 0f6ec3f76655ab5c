import type { CommandEnvironment } from '@cleanmail/config';
import type { Violation } from '@cleanmail/database';

import type { AdminAnswer, AdminRequest } from '../admin-client/transport.js';
import type { CommandContext } from '../commands/command-context.js';

/** What a command printed and asked of the admin REST. */
export interface FakeContext extends CommandContext {
  readonly out: string[];
  readonly err: string[];
  readonly requests: AdminRequest[];
  readonly closed: () => number;
}

/** Where a spec differs from a quiet context without a person. */
export interface FakeContextOptions {
  readonly answer?: (request: AdminRequest) => AdminAnswer;
  readonly environment?: Partial<CommandEnvironment>;
  readonly reply?: string;
  readonly interruption?: AbortSignal;
  readonly violations?: readonly Violation[];
}

/** A context whose local admin application answers what the spec says. */
export function fakeContext(options: FakeContextOptions = {}): FakeContext {
  const out: string[] = [];
  const err: string[] = [];
  const requests: AdminRequest[] = [];
  let closed = 0;
  const { reply } = options;
  return {
    out,
    err,
    requests,
    closed: () => closed,
    terminal: {
      out: (line) => void out.push(line),
      err: (line) => void err.push(line),
      isTty: false,
      ...(reply === undefined ? {} : { ask: (question: string) => (err.push(question), Promise.resolve(reply)) }),
    },
    environment: () => ({ user: 'ada', ...options.environment }),
    openLocalAdmin: async () => ({
      transport: async (request) => {
        requests.push(request);
        return options.answer?.(request) ?? { status: 500, body: {} };
      },
      close: async () => void (closed += 1),
    }),
    verify: async ({ onViolation }) => {
      const { violations = [] } = options;
      violations.forEach(onViolation);
      return { invariants: 2, tenants: 1, rows: 3, violations: violations.length };
    },
    exportRecipients: async () => ({ tenants: 2, domains: 3, recipients: 40, leftOut: 0 }),
    serve: async () => void out.push('served'),
    interruption: () => options.interruption ?? new AbortController().signal,
  };
}
