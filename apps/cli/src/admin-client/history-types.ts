/** Who acted, why, and in which request, as the admin REST shows it. */
export interface Origin {
  readonly actor: {
    readonly kind: string;
    readonly name: string | null;
    readonly tokenPrefix?: string;
    readonly tokenDescription?: string;
  };
  readonly why: string | null;
  readonly requestId: string | null;
}

/** What happened to a mailbox, or was asked for a user. */
export interface HistoryItem extends Origin {
  readonly id: string;
  readonly at: string;
  readonly mailboxId: string | null;
  readonly version: number | null;
  readonly changes: readonly {
    readonly member: string;
    readonly address?: string | null;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  readonly erased: readonly string[];
  readonly incomplete: boolean;
}

/** Why mail for an address goes as it goes. */
export interface Explanation {
  readonly address: string;
  readonly key: string | null;
  readonly verdict: string;
  readonly action: string | null;
  readonly matchedBy: string | null;
  readonly primary: string | null;
  readonly tenantId: string | null;
  readonly rule: { readonly code: string; readonly text: string };
  readonly row?: {
    readonly address: string;
    readonly action: string;
    readonly version: number;
    readonly since: string;
  };
  readonly mailbox?: {
    readonly id: string;
    readonly status: string;
    readonly statusReason: string | null;
    readonly statusSince: string;
    readonly kind: string;
    readonly userId: string | null;
  };
  readonly by?: Origin;
  readonly waiting: readonly {
    readonly tenantId: string;
    readonly mailboxId: string;
    readonly role: string;
    readonly reason: string;
    readonly since: string;
  }[];
}
