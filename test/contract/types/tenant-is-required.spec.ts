import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const folder = dirname(fileURLToPath(import.meta.url));
const fixture = join(folder, 'tenant-is-required.type-test.ts');
const directive = '// @ts-expect-error';

/** Compiles the fixture with another text in its place; answers what the compiler says about it. */
function diagnose(text: string): readonly ts.Diagnostic[] {
  const { config } = ts.readConfigFile(join(folder, '../../tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(folder, '../..'));
  const host = ts.createCompilerHost(options);
  const readFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version, ...rest) =>
    name === fixture ? ts.createSourceFile(name, text, version) : readFile(name, version, ...rest);
  const program = ts.createProgram([fixture], options, host);
  const source = program.getSourceFile(fixture);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
}

describe('a call without a tenant', () => {
  let lines: readonly string[];
  let refused: ReadonlyMap<number, number>;

  beforeAll(() => {
    const text = ts.sys.readFile(fixture) ?? '';
    lines = text.split('\n');
    const diagnostics = diagnose(text.replaceAll(directive, '//'));
    refused = new Map(
      diagnostics.map(({ code, start = 0, file }) => [file?.getLineAndCharacterOfPosition(start).line ?? -1, code]),
    );
  });

  it('should not compile, whichever service or repository it is for', () => {
    const expected = lines.flatMap((line, index) => (line.includes(directive) ? [index + 1] : []));
    expect(expected.length).toBeGreaterThan(30);
    expect([...refused.keys()].sort((a, b) => a - b)).toEqual(expected);
  });

  it('should be refused for its argument, and not for anything else', () => {
    const wrongArgument = 2345;
    const wrongCount = 2554;
    const wrongElement = 2322;
    expect([...new Set(refused.values())].sort()).toEqual([wrongElement, wrongArgument, wrongCount].sort());
  });
});
