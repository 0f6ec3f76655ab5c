import { readdirSync, readFileSync } from 'node:fs';
import type { ProviderDialect } from '@cleanmail/scim';

/** Where a fixture's request comes from: the provider's documentation, a capture, a third party's word, or our inference. */
export type Evidence = 'documented' | 'recorded' | 'reported' | 'inferred';

/** A request with the answer it needs. Texts may hold `{{run}}`, unique to a story, and names that were remembered. */
export interface Step {
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly expect: {
    readonly status: number;
    /** What the body has at least. */
    readonly body?: object;
    /** Dotted paths of what it must not have. */
    readonly absent?: readonly string[];
    /** Names for members of the body, for later steps. */
    readonly remember?: Readonly<Record<string, string>>;
  };
  /** The dialect that the request shows even without a User-Agent. */
  readonly form?: ProviderDialect;
}

/** A scene of a provider's story. */
export interface Scene extends Step {
  readonly title: string;
  readonly source: string;
  readonly evidence: Evidence;
  readonly then?: readonly Step[];
}

/** A provider: the headers of all its requests, and its scenes in the order in which they are played. */
export interface Story {
  readonly dialect: ProviderDialect;
  readonly headers: Readonly<Record<string, string>>;
  readonly scenes: readonly Scene[];
}

const here = new URL('.', import.meta.url);

/** The story of every provider that has a folder here. */
export function stories(): readonly Story[] {
  return readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const folder = new URL(`${name}/`, here);
      const files = readdirSync(folder).sort();
      const scenes = files.filter((file) => file !== 'client.json').map((file) => read<Scene>(folder, file));
      return { ...read<Omit<Story, 'scenes'>>(folder, 'client.json'), scenes };
    });
}

/** All steps of a scene. */
export function stepsOf({ then = [], ...first }: Scene): readonly Step[] {
  return [first, ...then];
}

function read<T>(folder: URL, file: string): T {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as T;
}
