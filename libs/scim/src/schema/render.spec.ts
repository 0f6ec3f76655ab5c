import { describe, expect, it } from '@jest/globals';
import { serviceProviderConfig } from '../messages/service-provider-config.js';
import type { SchemaDefinition } from './definition.js';
import { resourceTypeSchema } from './resource-type-schema.js';
import { schemaSchema } from './schema-schema.js';
import { serviceProviderConfigSchema } from './service-provider-config-schema.js';
import { withAttribute } from './derive.js';
import { enterpriseUserSchema } from './enterprise-user-schema.js';
import { groupSchema } from './group-schema.js';
import { renderResourceType, renderSchema } from './render.js';
import { userResourceType } from './resource-types.js';
import { userSchema } from './user-schema.js';

const BASE = 'https://cloud.example/api/v3/scim2';

describe(renderSchema.name, () => {
  it('should describe the whole of the RFC’s User', () => {
    expect(userSchema.attributes.map(({ name }) => name)).toEqual([
      'userName',
      'name',
      'displayName',
      'nickName',
      'profileUrl',
      'title',
      'userType',
      'preferredLanguage',
      'locale',
      'timezone',
      'active',
      'password',
      'emails',
      'phoneNumbers',
      'ims',
      'photos',
      'addresses',
      'groups',
      'entitlements',
      'roles',
      'x509Certificates',
    ]);
  });

  it('should carry its location and no null', () => {
    const rendered = renderSchema(enterpriseUserSchema, BASE);
    expect(rendered).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
      id: enterpriseUserSchema.id,
      meta: { resourceType: 'Schema', location: `${BASE}/Schemas/${enterpriseUserSchema.id}` },
    });
    expect(JSON.stringify(rendered)).not.toContain('null');
  });

  it('should keep this server’s own limits to itself', () => {
    const text = JSON.stringify([renderSchema(userSchema, BASE), renderSchema(groupSchema, BASE)]);
    expect(text).not.toMatch(/maxLength|maxElements|singleLine/);
  });

  it('should render an attribute with all its characteristics', () => {
    const [userName] = renderSchema(userSchema, BASE)['attributes'] as readonly unknown[];
    expect(userName).toMatchObject({
      name: 'userName',
      type: 'string',
      multiValued: false,
      required: true,
      caseExact: false,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'server',
    });
  });
});

describe('the schemas of the discovery documents', () => {
  const namesOf = (attributes: readonly { readonly name: string }[] | undefined): readonly string[] =>
    (attributes ?? []).map(({ name }) => name);

  it.each<[SchemaDefinition, Readonly<Record<string, unknown>>]>([
    [
      serviceProviderConfigSchema,
      serviceProviderConfig({ baseUrl: BASE, maxResults: 1, documentationUri: 'https://d' }),
    ],
    [resourceTypeSchema, renderResourceType(userResourceType, BASE)],
    [schemaSchema, renderSchema(userSchema, BASE)],
  ])('should know every attribute of $name', (schema, document) => {
    const common = ['schemas', 'id', 'meta'];
    expect([...common, ...namesOf(schema.attributes)]).toEqual(expect.arrayContaining(Object.keys(document)));
  });

  it('should know every characteristic that is rendered of an attribute', () => {
    const known = namesOf(schemaSchema.attributes.find(({ name }) => name === 'attributes')?.subAttributes);
    const rendered = renderSchema(userSchema, BASE)['attributes'] as readonly object[];
    expect(known).toEqual(
      expect.arrayContaining([...new Set(rendered.flatMap((attribute) => Object.keys(attribute)))]),
    );
  });
});

describe(renderResourceType.name, () => {
  it('should name the core schema and the extensions', () => {
    expect(renderResourceType(userResourceType, BASE)).toStrictEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
      id: 'User',
      name: 'User',
      endpoint: '/Users',
      description: 'User account',
      schema: userSchema.id,
      schemaExtensions: [{ schema: enterpriseUserSchema.id, required: false }],
      meta: { resourceType: 'ResourceType', location: `${BASE}/ResourceTypes/User` },
    });
  });
});

describe(withAttribute.name, () => {
  it('should change one attribute of a copy', () => {
    const type = withAttribute(userResourceType, 'username', { mutability: 'immutable' });
    expect(type.schema.attributes[0]).toMatchObject({ name: 'userName', mutability: 'immutable', required: true });
    expect(userSchema.attributes[0]).toMatchObject({ mutability: 'readWrite' });
  });
});
