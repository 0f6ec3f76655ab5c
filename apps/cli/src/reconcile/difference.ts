/** Something that the mapping and another source have differently, in words that a person can act on. */
export interface Difference {
  readonly kind: string;
  /** The address, user or mailbox that it is about. */
  readonly subject: string;
  readonly text: string;
  readonly remedy: string;
  /** Whether it was repaired; absent: nobody tried. */
  readonly isRepaired?: boolean;
  /** Why it was not. */
  readonly problem?: string;
}

/** How many things were compared. */
export interface Compared {
  readonly [what: string]: number;
}

/** What a reconciliation tells while it goes on. */
export interface ReconcileWatch {
  readonly add: (difference: Difference) => void;
  /** How far it is: of a phase, how many were looked at. */
  readonly progress: (phase: string, done: number) => void;
  readonly signal: AbortSignal;
}

/** Whether to repair, and whether also to end or suspend what is too much. */
export interface RepairOptions {
  readonly repair?: boolean;
  readonly removeExtra?: boolean;
}
