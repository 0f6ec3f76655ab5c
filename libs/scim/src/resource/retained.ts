import type { ResourceType } from '../schema/definition.js';
import type { ScimResource, ScimValue } from './resource.js';

/**
 * What a stored resource holds under URNs that its resource type does not know now: values of retired extensions. No
 * client sees them, so a PUT must not take them away.
 */
export function retainedExtensions(stored: ScimResource, resourceType: ResourceType): ScimResource {
  const known = new Set(resourceType.extensions.map(({ schema }) => schema.id));
  const retained: Record<string, ScimValue> = {};
  for (const [key, value] of Object.entries(stored)) {
    if (key.includes(':') && !known.has(key)) {
      retained[key] = value;
    }
  }
  return retained;
}
