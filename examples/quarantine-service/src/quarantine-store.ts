import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** A message that is held. It belongs to a mailbox, not to an address: addresses change hands, mailboxes do not. */
export interface HeldMessage {
  readonly id: string;
  readonly tenantId: string;
  readonly mailboxId: string;
  /** The address that the sender wrote to. */
  readonly recipient: string;
  readonly subject: string;
  readonly heldAt: string;
}

/** Everything this service keeps; it knows nothing of people but the ids of their mailboxes. */
interface State {
  /** Up to where the feed of recipients has been followed. */
  pulse: string | undefined;
  messages: HeldMessage[];
}

/** Held messages in one file that is replaced as a whole: what was done and how far the feed was followed go together. */
export class QuarantineStore {
  readonly #path: string;
  readonly #state: State;

  constructor(path: string) {
    this.#path = path;
    this.#state = read(path);
  }

  get pulse(): string | undefined {
    return this.#state.pulse;
  }

  add(message: Omit<HeldMessage, 'id' | 'heldAt'>): HeldMessage {
    const held = { id: randomUUID(), heldAt: new Date().toISOString(), ...message };
    this.#state.messages.push(held);
    this.#save();
    return held;
  }

  ofMailbox(tenantId: string, mailboxId: string): readonly HeldMessage[] {
    return this.#state.messages.filter((each) => each.tenantId === tenantId && each.mailboxId === mailboxId);
  }

  mailboxesOf(tenantId: string): readonly string[] {
    const own = this.#state.messages.filter((each) => each.tenantId === tenantId);
    return [...new Set(own.map(({ mailboxId }) => mailboxId))];
  }

  /** Removes what purged mailboxes had, and notes how far the feed was followed. Doing it again changes nothing. */
  follow(pulse: string, purged: ReadonlySet<string>): void {
    this.#state.messages = this.#state.messages.filter(({ mailboxId }) => !purged.has(mailboxId));
    this.#state.pulse = pulse;
    this.#save();
  }

  #save(): void {
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#state), { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }
}

function read(path: string): State {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as State;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return { pulse: undefined, messages: [] };
    }
    throw error;
  }
}
