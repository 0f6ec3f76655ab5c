import { ScimError } from '../errors/scim-error.js';
import type { ResourceType } from '../schema/definition.js';
import { sameValue } from './element-identity.js';
import { equalValues } from './equal-resources.js';
import type { ScimResource } from './resource.js';
import { own } from './resource.js';

/** For PUT: refuses a resource that changes or leaves out a core attribute which is immutable and set. */
export function checkImmutable(before: ScimResource, after: ScimResource, resourceType: ResourceType): void {
  for (const attribute of resourceType.schema.attributes) {
    const was = own(before, attribute.name);
    const is = own(after, attribute.name);
    if (attribute.mutability !== 'immutable' || was === undefined) {
      continue;
    }
    if (!equalValues(was, is) && !sameValue(was, is, attribute)) {
      throw ScimError.mutability(`${attribute.name} is immutable and already set.`);
    }
  }
}
