import { ScimError } from '../errors/scim-error.js';
import { isObject } from '../resource/resource.js';
import { asciiLowerCase, equalNames } from '../schema/attribute-name.js';

/** One operation of a bulk request (RFC 7644 section 3.7). */
export interface BulkOperation {
  /** POST, PUT, PATCH or DELETE; whatever was sent when the operation is refused. */
  readonly method: string;
  readonly path: string;
  readonly bulkId?: string;
  /** The entity tag that the resource must have, like If-Match. */
  readonly version?: string;
  /** JSON as it came. */
  readonly data?: unknown;
  /** What is wrong with it; such an operation is answered with this error and not carried out. */
  readonly refusal?: ScimError;
}

const methods = ['POST', 'PUT', 'PATCH', 'DELETE'];
const longestEcho = 128;

/**
 * Reads one operation. What is wrong with it becomes its refusal, because one bad operation must not fail the others.
 * @throws ScimError invalidSyntax when it is no object.
 */
export function readBulkOperation(operation: unknown, index: number): BulkOperation {
  if (!isObject(operation)) {
    throw ScimError.invalidSyntax(`Operations[${index}] must be an object.`);
  }
  const members = new Members(operation);
  const method = members.text('method').toUpperCase();
  const [path, bulkId, version] = [members.text('path'), members.text('bulkId'), members.text('version')];
  const data = method === 'DELETE' ? undefined : members.value('data');
  const problem = members.problem ?? problemOf(method, path, bulkId, data);
  return {
    method: method.slice(0, longestEcho),
    path,
    ...(bulkId === '' ? {} : { bulkId }),
    ...(version === '' ? {} : { version }),
    ...(data === undefined ? {} : { data }),
    ...(problem === undefined ? {} : { refusal: ScimError.invalidValue(`Operations[${index}]${problem}`) }),
  };
}

function problemOf(method: string, path: string, bulkId: string, data: unknown): string | undefined {
  if (!methods.includes(method)) {
    return '.method must be POST, PUT, PATCH or DELETE.';
  }
  if (path.trim() === '') {
    return '.path is required, such as /Users or /Users/{id}.';
  }
  if (method === 'POST' && bulkId === '') {
    return '.bulkId is required for POST.';
  }
  if (method !== 'DELETE' && (data === undefined || data === null)) {
    return `.data is required for ${method}.`;
  }
  return undefined;
}

/** Members of an operation by their names in any case; the first that is no string although it must be one is kept as problem. */
class Members {
  problem: string | undefined;

  constructor(private readonly operation: Readonly<Record<string, unknown>>) {}

  value(name: string): unknown {
    const { operation } = this;
    const key = Object.hasOwn(operation, name) ? name : Object.keys(operation).find((other) => equalNames(other, name));
    return key === undefined ? undefined : operation[key];
  }

  text(name: string): string {
    const value = this.value(name);
    if (value !== undefined && value !== null && typeof value !== 'string') {
      this.problem ??= `.${name} must be a string.`;
    }
    return typeof value === 'string' ? value : '';
  }
}

const mark = 'bulkId:';

/** The bulkId that a string refers to when it is `bulkId:…` as a whole (RFC 7644 section 3.7.2). */
export function referredBulkId(text: string): string | undefined {
  return text.startsWith(mark) && text.length > mark.length ? text.slice(mark.length) : undefined;
}

/** The bulkId in a path such as `/Users/bulkId:qwerty`, with what stands before it. */
export function bulkIdInPath(path: string): { readonly before: string; readonly bulkId: string } | undefined {
  const at = path.lastIndexOf(`/${mark}`);
  const bulkId = at < 0 ? undefined : referredBulkId(path.slice(at + 1));
  if (bulkId === undefined) {
    return undefined;
  }
  return { before: path.slice(0, at + 1), bulkId: bulkId.endsWith('/') ? bulkId.slice(0, -1) : bulkId };
}

/** Whether two paths are of the same resource, as far as their texts tell. */
export function pathKey(path: string): string {
  return asciiLowerCase(path.split('/').filter(Boolean).slice(-2).join('/'));
}
