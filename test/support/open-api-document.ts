/** As much of an OpenAPI 3.0 schema as the admin surface uses. */
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

interface MediaTypes {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

/** A parameter of a route. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
}

interface Operation {
  readonly responses: Readonly<Record<string, MediaTypes>>;
  readonly requestBody?: MediaTypes;
  readonly parameters?: readonly Parameter[];
  readonly security?: readonly object[];
}

/** The JSON of an OpenAPI document. */
export interface OpenApiDefinition {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** A response as it came: its media type without parameters, and its parsed body (undefined when it had none). */
export interface ActualResponse {
  readonly status: number;
  readonly mediaType: string | undefined;
  readonly body: unknown;
}

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** An OpenAPI document, and whether what is sent and answered is what it says. */
export class OpenApiDocument {
  constructor(private readonly definition: OpenApiDefinition) {}

  get version(): string {
    return this.definition.openapi;
  }

  /** `GET /admin/v1/tenants/{tenantId}` and so on. */
  get operations(): readonly string[] {
    return Object.entries(this.definition.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  parametersOf(operation: string): readonly Parameter[] {
    return this.find(operation).parameters ?? [];
  }

  needsKey(operation: string): boolean {
    return (this.find(operation).security ?? []).length > 0;
  }

  /** Where a response differs from its description: one line each, none when it does not. */
  differences(operation: string, { status, mediaType, body }: ActualResponse): readonly string[] {
    const { responses } = this.find(operation);
    const response = responses[String(status)] ?? responses['default'];
    if (response === undefined) return [`the status ${status} is not described`];
    if (response.content === undefined) return body === undefined ? [] : ['a body is not described'];
    const described = response.content[mediaType ?? ''];
    if (described === undefined) return [`the media type ${mediaType} is not described`];
    return this.compare(described.schema, body, '$');
  }

  /** Where a request body differs from its description. */
  requestDifferences(operation: string, body: unknown): readonly string[] {
    const schema = this.find(operation).requestBody?.content?.['application/json']?.schema;
    return schema === undefined ? ['a request body is not described'] : this.compare(schema, body, '$');
  }

  private find(operation: string): Operation {
    const [method = '', path = ''] = operation.split(' ');
    const found = this.definition.paths[path]?.[method.toLowerCase()];
    if (found === undefined) throw new Error(`${operation} is not described`);
    return found;
  }

  private compare(schema: Schema, value: unknown, at: string): readonly string[] {
    if (value === null) return schema.nullable === true ? [] : [`${at} is null`];
    if (schema.$ref !== undefined) return this.compare(this.component(schema.$ref), value, at);
    if (schema.allOf !== undefined) return schema.allOf.flatMap((part) => this.compare(part, value, at));
    if (schema.enum !== undefined && !schema.enum.includes(value))
      return [`${at} is none of ${schema.enum.join(', ')}`];
    switch (schema.type) {
      case 'object':
        return this.compareObject(schema, value, at);
      case 'array':
        if (!Array.isArray(value)) return [`${at} is no array`];
        return value.flatMap((item, index) => this.compare(schema.items ?? {}, item, `${at}[${index}]`));
      case 'integer':
        return Number.isInteger(value) ? [] : [`${at} is no integer`];
      case 'string':
        if (typeof value !== 'string') return [`${at} is no string`];
        return schema.format === 'date-time' && !dateTime.test(value) ? [`${at} is no date-time`] : [];
      case 'number':
      case 'boolean':
        return typeof value === schema.type ? [] : [`${at} is no ${schema.type}`];
      case undefined:
        return [`${at} has no described type`];
      default:
        return [`${at} has a type that this checker does not know`];
    }
  }

  private compareObject(schema: Schema, value: unknown, at: string): readonly string[] {
    if (typeof value !== 'object' || Array.isArray(value)) return [`${at} is no object`];
    const { properties = {}, required = [], additionalProperties } = schema;
    const members = Object.entries(value as object) as [string, unknown][];
    const missing = required.filter((name) => !members.some(([member]) => member === name));
    return [
      ...missing.map((name) => `${at}.${name} is missing`),
      ...members.flatMap(([name, member]) => {
        const described = properties[name];
        if (described !== undefined) return this.compare(described, member, `${at}.${name}`);
        return additionalProperties === undefined || additionalProperties === false
          ? [`${at}.${name} is not described`]
          : [];
      }),
    ];
  }

  private component(reference: string): Schema {
    const schema = this.definition.components.schemas[reference.replace('#/components/schemas/', '')];
    if (schema === undefined) throw new Error(`${reference} leads nowhere`);
    return schema;
  }
}
