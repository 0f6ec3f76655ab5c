import { randomBytes } from 'node:crypto';

import type { JsonObject } from '../simulate/json.js';
import { hasUserAttribute } from './attribute-definitions.js';
import type { ServerConfig } from './server-config.js';
import { groupSchema, userSchema } from './urns.js';

/** Makes bodies of resources whose names no other run uses. */
export class SampleResources {
  /** What every name of this run starts with. */
  readonly prefix = `scim-check-${randomBytes(5).toString('hex')}`;
  private made = 0;

  constructor(private readonly domain: string) {}

  /** A name that was not given before. */
  nextName(): string {
    this.made += 1;
    return `${this.prefix}-${this.made}`;
  }

  /** A user with the attributes that the server has; `overrides` replace members, undefined ones leave them out. */
  user(config: ServerConfig, overrides: JsonObject = {}): JsonObject {
    const name = this.nextName();
    const attributes: JsonObject = {
      displayName: `Display ${name}`,
      name: { givenName: 'Ada', familyName: `Family ${name}` },
      active: true,
      emails: [
        { value: `${name}@${this.domain}`, type: 'work', primary: true },
        { value: `${name}@home.example`, type: 'home' },
      ],
    };
    const known = Object.entries(attributes).filter(([attribute]) => hasUserAttribute(config, attribute));
    return withoutUndefined({
      schemas: [userSchema],
      userName: `${name}@${this.domain}`,
      ...Object.fromEntries(known),
      ...overrides,
    });
  }

  /** A group without members. */
  group(overrides: JsonObject = {}): JsonObject {
    return withoutUndefined({ schemas: [groupSchema], displayName: this.nextName(), ...overrides });
  }

  /** Whether a resource was made by this run, judged by its name. */
  isOurs(resource: JsonObject): boolean {
    const name = resource['userName'] ?? resource['displayName'];
    return typeof name === 'string' && name.toLowerCase().startsWith(this.prefix);
  }
}

function withoutUndefined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
