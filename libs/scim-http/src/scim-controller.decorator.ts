import { Controller } from '@nestjs/common';

/** A controller of one SCIM endpoint, under the base path of every service. */
export function ScimController(basePaths: readonly string[], endpoint: string): ClassDecorator {
  return Controller(basePaths.map((basePath) => `${basePath}/${endpoint}`));
}
