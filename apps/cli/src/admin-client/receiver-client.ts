import { CommandError, ExitCode } from '../terminal/command-error.js';
import { printable } from '../terminal/printable.js';
import type { AdminClient } from './admin-client.js';

/** A receiver of events as the admin REST shows it. */
export interface Receiver {
  readonly id: string;
  readonly name: string;
  readonly url: string | null;
  readonly format: string;
  readonly status: string;
  readonly tenants: readonly string[] | null;
  readonly types: readonly string[] | null;
  readonly concurrency: number;
  readonly failingSince: string | null;
}

/** A receiver with its secret. */
export interface IssuedReceiver extends Receiver {
  readonly secret: string;
}

/** An event that waits or was given up. */
export interface UndeliveredEvent {
  readonly id: string;
  readonly eventId: string;
  readonly type: string;
  readonly tenantId: string;
  readonly mailboxId: string | null;
  readonly attempts: number;
  readonly error: string | null;
  readonly firstFailedAt: string;
  readonly nextAttemptAt: string | null;
}

/** What came of a trial. */
export interface Trial {
  readonly ok: boolean;
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
}

/** One event of a leaver with what every receiver said. */
export interface Receipt {
  readonly eventId: string;
  readonly type: string;
  readonly mailboxId: string | null;
  readonly userId: string | null;
  readonly requestedAt: string;
  readonly complete: boolean;
  readonly durationMs: number | null;
  readonly acknowledgements: readonly { readonly receiver: string; readonly state: string }[];
}

/** What one run delivered to one receiver. */
export interface Delivered {
  readonly receiver: string;
  readonly delivered: number;
  readonly failed: number;
  readonly dead: number;
}

/** The part of the admin REST that is about events. */
export class ReceiverClient {
  constructor(private readonly admin: AdminClient) {}

  add(receiver: object): Promise<IssuedReceiver> {
    return this.admin.call('POST', '/receivers', receiver);
  }

  list(): AsyncIterable<Receiver> {
    return this.admin.list('/receivers');
  }

  change(id: string, change: object): Promise<Receiver> {
    return this.admin.call('PATCH', path(id), change);
  }

  async remove(id: string): Promise<void> {
    await this.admin.answer('DELETE', path(id));
  }

  rotate(id: string, body: object): Promise<IssuedReceiver> {
    return this.admin.call('POST', `${path(id)}/rotate`, body);
  }

  test(id: string): Promise<Trial> {
    return this.admin.call('POST', `${path(id)}/test`, {});
  }

  undelivered(id: string, state: string): AsyncIterable<UndeliveredEvent> {
    return this.admin.list(`${path(id)}/deliveries`, { state });
  }

  replay(id: string, body: object): Promise<{ readonly replayed: number }> {
    return this.admin.call('POST', `${path(id)}/replay`, body);
  }

  receipts(tenantId: string, query: object): AsyncIterable<Receipt> {
    return this.admin.list(`/tenants/${encodeURIComponent(tenantId)}/receipts`, query);
  }

  async deliver(): Promise<readonly Delivered[]> {
    return (await this.admin.call<{ readonly items: readonly Delivered[] }>('POST', '/events/deliver', {})).items;
  }

  /** By id or name. @throws CommandError when there is none. */
  async resolve(idOrName: string): Promise<Receiver> {
    for await (const receiver of this.list()) {
      if (receiver.id === idOrName || receiver.name === idOrName) return receiver;
    }
    throw new CommandError(
      `no receiver is named "${printable(idOrName)}": "cleanmail receiver list" shows them`,
      ExitCode.notFound,
    );
  }
}

function path(id: string): string {
  return `/receivers/${encodeURIComponent(id)}`;
}
