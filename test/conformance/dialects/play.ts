import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { SCIM_MEDIA_TYPE } from '../../e2e/scim/answers.js';
import type { TenantClient } from '../client/tenant-client.js';
import { type Scene, type Step, stepsOf, type Story } from './fixtures.js';

/** One provider at work on a tenant of its own; remembers what answers told it. */
export class Player {
  private readonly names = new Map<string, string>([['run', randomUUID()]]);

  constructor(
    private readonly tenant: TenantClient,
    private readonly story: Story,
  ) {}

  async play(scene: Scene): Promise<void> {
    for (const step of stepsOf(scene)) {
      await this.send(step);
    }
  }

  private async send(step: Step): Promise<void> {
    const { request, expect: expected } = this.filledIn(step);
    const { headers } = this.story;
    const answer = await this.tenant.send(request.method, request.path, { body: request.body, headers });
    const what = `${request.method} ${request.path}: ${answer.text}`;
    expect([answer.status, what]).toEqual([expected.status, what]);
    if (expected.status !== 204) expect(answer.headers['content-type']).toBe(SCIM_MEDIA_TYPE);
    if (expected.body !== undefined) expect(answer.body).toMatchObject(expected.body);
    for (const path of expected.absent ?? []) expect([path, valueAt(answer.body, path)]).toEqual([path, undefined]);
    for (const [name, member] of Object.entries(expected.remember ?? {})) {
      this.names.set(name, String(valueAt(answer.body, member)));
    }
  }

  private filledIn(step: Step): Step {
    const text = JSON.stringify(step).replaceAll(/\{\{(\w+)\}\}/g, (_match, name: string) => {
      const value = this.names.get(name);
      if (value === undefined) throw new Error(`nothing was remembered as ${name}`);
      return value;
    });
    return JSON.parse(text) as Step;
  }
}

function valueAt(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body ?? undefined);
}
