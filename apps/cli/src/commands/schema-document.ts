import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import { isRecord } from '../admin-client/admin-error.js';
import { usageError } from '../terminal/command-error.js';

/** The JSON object in a file, or on standard input for `-`; whatever is none is a usage error that says why. */
export async function readDocument(
  file: string,
  input: NodeJS.ReadableStream = process.stdin,
): Promise<Readonly<Record<string, unknown>>> {
  const content = file === '-' ? await text(input as NodeJS.ReadStream) : await readText(file);
  const document = parse(content, file);
  if (!isRecord(document)) throw usageError(`${nameOf(file)} holds no JSON object: give the schema itself`);
  return document;
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usageError(`${file} cannot be read (${error.code ?? error.message}): give a readable file, or - for input`);
  });
}

function parse(content: string, file: string): unknown {
  try {
    return JSON.parse(content.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw usageError(`${nameOf(file)} is no JSON (${(error as Error).message}): correct it and try again`);
  }
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}
