import type { ProvisioningResult } from '@cleanmail/journal';
import type { ScimError } from '@cleanmail/scim';

/** How the provisioning log tells of a request that failed. */
export function failureOf({ status, scimType, detail }: ScimError): ProvisioningResult {
  return { outcome: 'failure', status, detail, ...(scimType === undefined ? {} : { scimType }) };
}

/** The userName that a body speaks of, if any. */
export function userNameIn(body: unknown): Pick<ProvisioningResult, 'userName'> {
  const userName = textMember(body, 'userName');
  return userName === undefined ? {} : { userName };
}

/** A member of an object that is a string. */
export function textMember(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
    return undefined;
  }
  const member = (value as Readonly<Record<string, unknown>>)[key];
  return typeof member === 'string' ? member : undefined;
}
