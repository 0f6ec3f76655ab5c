import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Drain } from './drain.js';
import type { ListenerEnvironment } from './listener.js';
import { Metrics } from './metrics.js';

/** What an application is given from outside, such as its database, as providers that every module can inject. */
@Module({})
export class EnvironmentModule {
  static with({ metrics, drain }: ListenerEnvironment, providers: readonly Provider[]): DynamicModule {
    const all = [{ provide: Metrics, useValue: metrics }, { provide: Drain, useValue: drain }, ...providers];
    return { module: EnvironmentModule, global: true, providers: all, exports: all };
  }
}
