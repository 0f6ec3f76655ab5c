import type { Requirement } from '../requirement.js';
import { authentication } from './authentication.js';
import { bulk } from './bulk.js';
import { commonAttributes } from './common-attributes.js';
import { create } from './create.js';
import { cursorPagination } from './cursor-pagination.js';
import { remove } from './delete.js';
import { discovery, resourceTypes, serviceProviderConfig } from './discovery.js';
import { errors } from './errors.js';
import { filter, filterUnsupported } from './filter.js';
import { groups } from './groups.js';
import { httpMethods } from './http-methods.js';
import { indexPagination } from './index-pagination.js';
import { me } from './me.js';
import { mediaTypes } from './media-types.js';
import { patchAdd, patchRemove, patchReplace } from './patch-operations.js';
import { patch, patchUnsupported } from './patch.js';
import { projection } from './projection.js';
import { read } from './read.js';
import { replace } from './replace.js';
import { schemaDocuments } from './schema-documents.js';
import { search } from './search.js';
import { sort } from './sort.js';
import { users } from './users.js';
import { versions } from './versions.js';

const unordered: readonly Requirement[] = [
  ...commonAttributes,
  ...users,
  ...groups,
  ...serviceProviderConfig,
  ...resourceTypes,
  ...schemaDocuments,
  ...authentication,
  ...create,
  ...read,
  ...filter,
  ...filterUnsupported,
  ...sort,
  ...indexPagination,
  ...search,
  ...replace,
  ...patch,
  ...patchAdd,
  ...patchRemove,
  ...patchReplace,
  ...patchUnsupported,
  ...remove,
  ...bulk,
  ...mediaTypes,
  ...projection,
  ...me,
  ...errors,
  ...versions,
  ...discovery,
  ...cursorPagination,
  ...httpMethods,
];

/** Every requirement, in the order of the documents and their sections. */
export const requirements: readonly Requirement[] = [...unordered].sort((one, other) =>
  one.section.localeCompare(other.section, 'en', { numeric: true }),
);

/** The requirements of a section and the ones below it: `3.5.2`, `7644`, `RFC 7644 3.5.2`; all without one. */
export function requirementsOf(section: string | undefined): readonly Requirement[] {
  if (section === undefined) return requirements;
  const wanted = section.replace(/^RFC\s*/i, '').trim();
  return requirements.filter((requirement) => {
    const [, document = '', number = ''] = requirement.section.split(' ');
    return [document, number, `${document} ${number}`].some((name) => name === wanted || name.startsWith(`${wanted}.`));
  });
}
