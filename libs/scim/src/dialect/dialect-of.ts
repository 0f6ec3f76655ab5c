import { asciiLowerCase } from '../schema/attribute-name.js';
import type { DialectSign, ProviderDialect, ShownRequest } from './dialect.js';
import { entraSign, flaggedEntraSign, flagSign } from './entra-signs.js';
import { googleSign, jumpCloudHabit, oktaSign, oneLoginHabit, oneLoginSign } from './provider-signs.js';
import { type Shape, shapeOf } from './shape.js';

const LONGEST_USER_AGENT = 200;
const NAMES: readonly (readonly [string, ProviderDialect])[] = [
  ['okta scim client', 'okta'],
  ['google-auto-provisioning', 'google'],
  ['onelogin', 'onelogin'],
  ['jumpcloud', 'jumpcloud'],
];
/** A User-Agent of Microsoft's does not tell which of Entra's two dialects it is; a bare HTTP library tells nothing. */
const SILENT = ['microsoft', 'azure', 'entra', 'go-http-client'];
const WRITES = new Set(['POST', 'PUT', 'PATCH']);

/**
 * The dialect that a request shows, or undefined: most requests show none. What a request looks like counts more than
 * its User-Agent, which is often absent (Entra sends none, OneLogin an empty one) and may say anything.
 */
export function dialectOf(request: ShownRequest): DialectSign | undefined {
  const userAgent = asciiLowerCase((request.userAgent ?? '').slice(0, LONGEST_USER_AGENT));
  const shape = shapeOf(request.method, request.body);
  return (
    (shape === undefined ? undefined : shapeSign(shape)) ??
    flagSign(request.query) ??
    namedSign(request, userAgent) ??
    (shape === undefined ? undefined : habit(shape))
  );
}

function shapeSign(shape: Shape): DialectSign | undefined {
  return entraSign(shape) ?? flaggedEntraSign(shape) ?? googleSign(shape) ?? oneLoginSign(shape) ?? oktaSign(shape);
}

/** What would not be enough against the word of a User-Agent. */
function habit(shape: Shape): DialectSign | undefined {
  return oneLoginHabit(shape) ?? jumpCloudHabit(shape);
}

function namedSign({ method, body }: ShownRequest, userAgent: string): DialectSign | undefined {
  const known = NAMES.find(([name]) => userAgent.includes(name));
  if (known !== undefined) {
    return { dialect: known[1], evidence: 'the User-Agent' };
  }
  const isOther = userAgent !== '' && !isSilent(userAgent) && WRITES.has(method) && body !== undefined;
  return isOther ? { dialect: 'generic', evidence: 'a User-Agent of no known provider' } : undefined;
}

function isSilent(userAgent: string): boolean {
  return SILENT.some((name) => userAgent.includes(name));
}
