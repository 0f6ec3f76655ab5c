import { isObject, objectsAt, type JsonObject } from '../../simulate/json.js';
import { findDefinition, needs } from '../attribute-definitions.js';
import type { ConformanceClient } from '../conformance-client.js';
import { bodyOf, ensure, show } from '../expectations.js';
import { inSection, must, should, type Applicability } from '../requirement.js';

const publishesSchemas: Applicability = ({ schemas }) => schemas.size > 0 || '/Schemas lists none';

const types = ['string', 'boolean', 'decimal', 'integer', 'datetime', 'reference', 'complex', 'binary'];
const characteristics: Readonly<Record<string, readonly string[]>> = {
  mutability: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
  returned: ['always', 'never', 'default', 'request'],
  uniqueness: ['none', 'server', 'global'],
};

interface Definition {
  readonly path: string;
  readonly definition: JsonObject;
}

/** RFC 7643 section 7: the documents of /Schemas, and whether answers keep to them. */
export const schemaDocuments = inSection('RFC 7643 7', publishesSchemas, [
  must('schemas.id', 'gives each schema a URI as id', async (client) => {
    for (const schema of schemasOf(client)) {
      complainUnless(client, /^[a-z][a-z0-9+.-]*:/i.test(String(schema['id'])), `id is ${show(schema['id'])}`);
    }
  }),
  must('schemas.attributes', 'gives each schema its attributes', async (client) => {
    for (const schema of schemasOf(client)) {
      complainUnless(client, objectsAt(schema, 'attributes').length > 0, `${String(schema['id'])} has no attributes`);
    }
  }),
  must('schemas.names', 'names attributes with letters, digits, "$", "-" and "_" only', async (client) => {
    expectEach(client, ({ path, definition }) => [
      /^(\$ref|[A-Za-z][A-Za-z0-9$_-]*)$/.test(String(definition['name'])),
      `the name of ${path} is ${show(definition['name'])}`,
    ]);
  }),
  must('schemas.types', 'gives each attribute one of the types of the RFC', async (client) => {
    expectEach(client, ({ path, definition }) => [
      types.includes(String(definition['type']).toLowerCase()),
      `type of ${path} is ${show(definition['type'])}`,
    ]);
  }),
  must('schemas.multi-valued', 'says with a boolean whether an attribute is multi-valued', async (client) => {
    expectEach(client, ({ path, definition }) => [
      typeof definition['multiValued'] === 'boolean',
      `multiValued of ${path} is ${show(definition['multiValued'])}`,
    ]);
  }),
  ...Object.entries(characteristics).map(([name, allowed]) =>
    must(`schemas.${name}`, `uses only the RFC's values of ${name}`, async (client) => {
      expectEach(client, ({ path, definition }) => {
        const value = definition[name];
        return [value === undefined || allowed.some((one) => one === value), `${name} of ${path} is ${show(value)}`];
      });
    }),
  ),
  must(
    'schemas.sub-attributes',
    'defines sub-attributes of every complex attribute, none nested deeper',
    async (client) => {
      expectEach(client, ({ path, definition }) => {
        const isComplex = definition['type'] === 'complex';
        return [
          isComplex === objectsAt(definition, 'subAttributes').length > 0,
          `${path} has type and subAttributes at odds`,
        ];
      });
    },
  ),
  must('schemas.user-name', 'defines userName as required and unique on the server', async (client) => {
    const definition = findDefinition(userSchemaOf(client), 'userName') ?? {};
    complainUnless(client, definition['required'] === true, `required of userName is ${show(definition['required'])}`);
    const { uniqueness } = definition;
    complainUnless(client, uniqueness === 'server' || uniqueness === 'global', `uniqueness is ${show(uniqueness)}`);
  }),
  must(
    'schemas.password',
    'defines password as writeOnly and never returned',
    async (client) => {
      const definition = findDefinition(userSchemaOf(client), 'password') ?? {};
      complainUnless(
        client,
        definition['mutability'] === 'writeOnly',
        `mutability is ${show(definition['mutability'])}`,
      );
      complainUnless(client, definition['returned'] === 'never', `returned is ${show(definition['returned'])}`);
    },
    needs('password'),
  ),
  should('schemas.reference-types', 'names referenceTypes of every reference', async (client) => {
    expectEach(client, ({ path, definition }) => [
      definition['type'] !== 'reference' || Array.isArray(definition['referenceTypes']),
      `${path} has no referenceTypes`,
    ]);
  }),
  must('schemas.declared', 'answers no attribute that its schemas do not define', async (client) => {
    const { body, exchange } = await client.createUser();
    const undeclared = undeclaredMembers(client, body)[0];
    ensure(exchange, undeclared === undefined, `${String(undeclared)} is in no schema of the resource`);
  }),
  must('schemas.shapes', 'answers values in the type and cardinality that its schemas define', async (client) => {
    const { path } = await client.createUser();
    const answer = await client.get(path);
    const wrong = wrongShapes(userSchemaOf(client), bodyOf(answer))[0];
    ensure(answer, wrong === undefined, String(wrong));
  }),
]);

const commonAttributes = ['schemas', 'id', 'externalId', 'meta'];

function schemasOf({ config }: ConformanceClient): readonly JsonObject[] {
  return [...config.schemas.values()];
}

function userSchemaOf({ config }: ConformanceClient): JsonObject | undefined {
  return config.schemas.get(config.users.schema.toLowerCase());
}

function definitionsOf(client: ConformanceClient): readonly Definition[] {
  return schemasOf(client).flatMap((schema) =>
    objectsAt(schema, 'attributes').flatMap((definition) => {
      const path = `${String(schema['id'])}:${String(definition['name'])}`;
      const inner = objectsAt(definition, 'subAttributes');
      return [
        { path, definition },
        ...inner.map((sub) => ({ path: `${path}.${String(sub['name'])}`, definition: sub })),
      ];
    }),
  );
}

function expectEach(client: ConformanceClient, judge: (attribute: Definition) => readonly [boolean, string]): void {
  for (const attribute of definitionsOf(client)) {
    const [isRight, problem] = judge(attribute);
    complainUnless(client, isRight, problem);
  }
}

function complainUnless({ config }: ConformanceClient, condition: boolean, problem: string): void {
  ensure(config.documents.schemas, condition, problem);
}

function undeclaredMembers(client: ConformanceClient, body: JsonObject): readonly string[] {
  const schema = userSchemaOf(client);
  const extensions = client.config.users.extensions.map((urn) => urn.toLowerCase());
  return Object.keys(body).filter(
    (name) =>
      !commonAttributes.includes(name) &&
      !extensions.includes(name.toLowerCase()) &&
      findDefinition(schema, name) === undefined,
  );
}

function wrongShapes(schema: JsonObject | undefined, body: JsonObject): readonly string[] {
  return Object.entries(body).flatMap(([name, value]) => {
    const definition = commonAttributes.includes(name) ? undefined : findDefinition(schema, name);
    if (definition === undefined || value === null) return [];
    if (Array.isArray(value) !== (definition['multiValued'] === true)) return [`${name} has the wrong cardinality`];
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.every((item) => hasType(item, definition['type']))
      ? []
      : [`${name} is not ${show(definition['type'])}`];
  });
}

function hasType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isInteger(value);
    case 'decimal':
      return typeof value === 'number';
    case 'complex':
      return isObject(value);
    default:
      return typeof value === 'string';
  }
}
