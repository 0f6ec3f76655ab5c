import { applyDecorators, Controller } from '@nestjs/common';
import { ApiBearerAuth, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from './problem/problem.view.js';

/** A controller of the admin REST below `/admin/v1`, which wants the admin key. */
export function AdminController(path: string): ClassDecorator {
  const segments = path.split('/');
  const isParameter = (segment: string) => segment.startsWith(':');
  return applyDecorators(
    Controller(`admin/v1/${path}`),
    ApiTags(segments.at(-1) ?? path),
    ApiBearerAuth(),
    ApiProblems(),
    ...segments.filter(isParameter).map((segment) => ApiParam({ name: segment.slice(1), type: String })),
  );
}
