import { type DynamicModule, Module, type Provider } from '@nestjs/common';

/** What an application is given from outside, such as its database, as providers that every module can inject. */
@Module({})
export class EnvironmentModule {
  static with(providers: readonly Provider[]): DynamicModule {
    return { module: EnvironmentModule, global: true, providers: [...providers], exports: [...providers] };
  }
}
