import type { ConformanceClient } from './conformance-client.js';
import type { ServerConfig } from './server-config.js';

/** How binding a requirement is (RFC 2119); SHALL counts as MUST. */
export const levels = ['MUST', 'SHOULD', 'MAY'] as const;

/** One of `levels`. */
export type Level = (typeof levels)[number];

/** Whether a server is bound by a requirement: `true`, or why it is not. */
export type Applicability = (config: ServerConfig) => true | string;

/** One sentence of an RFC as something that can be tried against a server. */
export interface Requirement {
  /** Stable and readable, for example `post.location`. */
  readonly id: string;
  /** Document and section, for example `RFC 7644 3.5.2`. */
  readonly section: string;
  readonly level: Level;
  /** What the server does, in one clause of the present tense. */
  readonly title: string;
  readonly appliesTo: Applicability;
  /** Resolves when the server does it; rejects with Violation, NotApplicable or NotTried. */
  readonly check: (client: ConformanceClient) => Promise<void>;
}

type Check = Requirement['check'];
type Draft = Omit<Requirement, 'section' | 'appliesTo'> & { readonly appliesTo?: Applicability };

/** An obligation (MUST, SHALL). */
export function must(id: string, title: string, check: Check, appliesTo?: Applicability): Draft {
  return { id, level: 'MUST', title, check, ...(appliesTo === undefined ? {} : { appliesTo }) };
}

/** A recommendation (SHOULD). */
export function should(id: string, title: string, check: Check, appliesTo?: Applicability): Draft {
  return { ...must(id, title, check, appliesTo), level: 'SHOULD' };
}

/** An option (MAY); failing means that it is not offered. */
export function may(id: string, title: string, check: Check, appliesTo?: Applicability): Draft {
  return { ...must(id, title, check, appliesTo), level: 'MAY' };
}

/** The requirements of one section, which all apply only where `appliesTo` says so. */
export function inSection(section: string, appliesTo: Applicability, drafts: readonly Draft[]): Requirement[] {
  return drafts.map((draft) => ({
    ...draft,
    section,
    appliesTo: (config) => {
      const common = appliesTo(config);
      return common === true ? (draft.appliesTo?.(config) ?? true) : common;
    },
  }));
}

/** Applies to every server. */
export const always: Applicability = () => true;

/** Applies where each of the conditions does; the first one that does not gives the reason. */
export function both(...conditions: readonly Applicability[]): Applicability {
  return (config) => conditions.map((condition) => condition(config)).find((answer) => answer !== true) ?? true;
}
