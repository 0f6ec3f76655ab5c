import { applyDecorators } from '@nestjs/common';
import { ApiDefaultResponse, ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import type { FieldProblem, Problem } from './problem.js';

/** A field that cannot be used, as the OpenAPI document describes it. */
export class FieldProblemView implements FieldProblem {
  @ApiProperty() readonly field!: string;
  @ApiProperty({ type: [String] }) readonly messages!: readonly string[];
}

/** An error (RFC 9457), as the OpenAPI document describes it. */
export class ProblemView implements Problem {
  @ApiProperty() readonly type!: string;
  @ApiProperty() readonly title!: string;
  @ApiProperty({ type: 'integer' }) readonly status!: number;
  @ApiProperty({ description: 'What is wrong, and what to do.' }) readonly detail!: string;
  @ApiProperty({ description: 'Stable, for programs.' }) readonly code!: string;
  @ApiPropertyOptional() readonly instance?: string;
  @ApiPropertyOptional({ type: [FieldProblemView] }) readonly errors?: readonly FieldProblemView[];
}

/** Documents that every error of a route is a problem. */
export function ApiProblems(): ClassDecorator {
  return applyDecorators(
    ApiExtraModels(ProblemView),
    ApiDefaultResponse({
      description: 'Any error.',
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemView) } } },
    }),
  );
}
