import { applyDecorators, Controller } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from './problem/problem.view.js';

/** A controller of the admin REST below `/admin/v1`, which wants the admin key. */
export function AdminController(path: string): ClassDecorator {
  return applyDecorators(
    Controller(`admin/v1/${path}`),
    ApiTags(path.split('/').at(-1) ?? path),
    ApiBearerAuth(),
    ApiProblems(),
  );
}
