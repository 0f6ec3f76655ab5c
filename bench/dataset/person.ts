const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** A user as Entra's default mapping makes one. */
export function person(name: string, domain: string, changes: object = {}): object {
  const address = `${name}@${domain}`;
  return {
    schemas: [userSchema],
    externalId: `ext-${name}`,
    userName: address,
    active: true,
    displayName: `Ana ${name}`,
    title: 'Engineer',
    preferredLanguage: 'de-CH',
    name: { givenName: 'Ana', familyName: 'Example', formatted: 'Ana Example' },
    emails: [{ type: 'work', value: address, primary: true }],
    phoneNumbers: [{ type: 'work', value: '+41 44 123 45 67' }],
    addresses: [{ type: 'work', streetAddress: 'Weg 1', locality: 'Zürich', postalCode: '8000', country: 'CH' }],
    ...changes,
  };
}
