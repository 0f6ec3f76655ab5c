import { Inject, Injectable, Optional } from '@nestjs/common';
import { DnsTxtResolver } from './dns-txt-resolver.js';
import { type MailDomain, verificationNames, verificationText } from './mail-domain.js';
import { type TxtAnswer, TxtResolver } from './txt-resolver.js';

/** Whether the DNS proves control of a domain, and what was seen there. */
export interface Proof {
  /** `unknown`: the DNS did not answer, which says nothing about the domain. */
  readonly outcome: 'found' | 'missing' | 'unknown';
  /** What was found, and what to publish: for the person who has access to the domain's DNS. */
  readonly words: string;
}

const shownRecords = 5;
const shownLength = 80;

/** Looks for the TXT record that proves control of a domain: at `_cleanmail.` before its name, and at the name itself. */
@Injectable()
export class DomainProof {
  constructor(@Optional() @Inject(TxtResolver) private readonly resolver: TxtResolver = new DnsTxtResolver()) {}

  async look(domain: MailDomain): Promise<Proof> {
    const names = verificationNames(domain);
    const answers = await Promise.all(names.map((name) => this.resolver.lookUp(name)));
    const wanted = verificationText(domain);
    if (answers.some((answer) => answer.kind === 'records' && answer.records.some((text) => isSame(text, wanted)))) {
      return { outcome: 'found', words: `The TXT record of ${domain.name} is published.` };
    }
    const found = names.map((name, index) => `${name}: ${inWords(answers[index])}`).join('; ');
    const isUnknown = answers.some(({ kind }) => kind === 'failed');
    return {
      outcome: isUnknown ? 'unknown' : 'missing',
      words: `The DNS does not prove control of ${domain.name}. Found: ${found}. Publish a TXT record named ${names[0]} (or ${names[1]}) with the text "${wanted}", wait until it is visible, and verify again.`,
    };
  }
}

/** Panels of DNS providers add blanks and quotes that people do not see. */
function isSame(text: string, wanted: string): boolean {
  const trimmed = text.trim();
  const bare = trimmed.startsWith('"') && trimmed.endsWith('"') ? trimmed.slice(1, -1) : trimmed;
  return bare.trim() === wanted;
}

function inWords(answer: TxtAnswer | undefined): string {
  switch (answer?.kind) {
    case 'records': {
      const { records } = answer;
      const shown = records.slice(0, shownRecords).map(quoted).join(', ');
      const rest = records.length - shownRecords;
      return `${records.length} TXT ${records.length === 1 ? 'record' : 'records'}, not this one (${shown}${rest > 0 ? `, and ${rest} more` : ''})`;
    }
    case 'none':
    case 'failed':
      return answer.reason;
    case undefined:
      return 'not asked';
  }
}

/** What a stranger published, made short and harmless for a terminal and a log. */
function quoted(text: string): string {
  const clean = [...text.slice(0, shownLength)].map((character) =>
    character >= ' ' && character <= '~' && character !== '"' ? character : '?',
  );
  return `"${clean.join('')}${text.length > shownLength ? '…' : ''}"`;
}
