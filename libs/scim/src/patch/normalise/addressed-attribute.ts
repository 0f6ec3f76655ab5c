import type { PatchPath } from '../../path/patch-path.js';
import type { AttributeDefinition } from '../../schema/definition.js';

/**
 * The attribute that the value of an operation is for; for the path of elements it is one element's. Undefined when
 * the path is no attribute's.
 */
export function addressedAttribute(path: PatchPath): AttributeDefinition | undefined {
  switch (path.kind) {
    case 'attribute':
      return path.target.subAttribute ?? path.target.attribute;
    case 'elements':
      return path.subAttribute ?? { ...path.target.attribute, multiValued: false };
    case 'resource':
    case 'extension':
    case 'unknown':
      return undefined;
  }
}
