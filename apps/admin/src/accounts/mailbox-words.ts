import type { AdminState, InactiveMailPolicy, MailboxKind } from '@cleanmail/mailboxes';

/** What a mailbox may be for. */
export const mailboxKinds = ['user', 'shared', 'resource', 'role'] as const satisfies readonly MailboxKind[];

/** What support may say about a mailbox. */
export const adminStates = ['none', 'suspended', 'forced_active'] as const satisfies readonly AdminState[];

/** What may happen to mail of a mailbox that is not active. */
export const inactivePolicies = ['reject', 'defer', 'hold', 'deliver'] as const satisfies readonly InactiveMailPolicy[];
