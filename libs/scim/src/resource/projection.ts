import { ScimError } from '../errors/scim-error.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import { resolveAttribute } from '../schema/attribute-target.js';
import type { ResourceType } from '../schema/definition.js';

/** An attribute, a sub-attribute or (by its URN alone) a whole extension that a projection names. */
export type ProjectedPath = AttributeTarget | { readonly extension: string };

/** Which attributes an answer carries (RFC 7644 section 3.9); `paths` are those that were named and are known. */
export interface Projection {
  readonly kind: 'default' | 'only' | 'without';
  readonly paths: readonly ProjectedPath[];
}

/**
 * Parses the query parameters `attributes` and `excludedAttributes`: comma-separated names in any case, bare or
 * with URN. Unknown names are ignored; both parameters at once are a ScimError `invalidValue`.
 */
export function parseProjection(
  attributes: string | undefined,
  excludedAttributes: string | undefined,
  resourceType: ResourceType,
): Projection {
  const included = splitNames(attributes);
  const excluded = splitNames(excludedAttributes);
  if (included.length > 0 && excluded.length > 0) {
    throw ScimError.invalidValue('attributes and excludedAttributes exclude each other; send only one of them.');
  }
  if (included.length > 0) {
    return { kind: 'only', paths: resolveNames(included, resourceType) };
  }
  return excluded.length > 0 ? { kind: 'without', paths: resolveNames(excluded, resourceType) } : DEFAULT;
}

/** Whether an answer may carry a core attribute that is returned by default, or a part of it. */
export function carries({ kind, paths }: Projection, attributeName: string): boolean {
  const named = paths.filter(
    (path): path is AttributeTarget =>
      !('extension' in path) && path.schema === undefined && path.attribute.name === attributeName,
  );
  return kind === 'only' ? named.length > 0 : named.every(({ subAttribute }) => subAttribute !== undefined);
}

const DEFAULT: Projection = { kind: 'default', paths: [] };

function splitNames(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function resolveNames(names: readonly string[], resourceType: ResourceType): readonly ProjectedPath[] {
  return names.flatMap((name): readonly ProjectedPath[] => {
    const found = resolveAttribute(name, resourceType);
    if (found.kind === 'attribute') {
      return [found.target];
    }
    return found.kind === 'extension' ? [{ extension: found.schema.id }] : [];
  });
}
