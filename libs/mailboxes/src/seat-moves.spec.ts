import { describe, expect, it } from '@jest/globals';
import { defaultMailSettings, type MailSettings } from './mail-policy.js';
import type { Mailbox } from './mailbox.js';
import { seatMove } from './seat-moves.js';
import { blankMailbox } from './transitions.js';

const blank = blankMailbox({ origin: 'scim', kind: 'user' }, { now: 1 });
const seated: Mailbox = { ...blank, seat: true, status: 'active' };
const waiting: Mailbox = { ...blank, status: 'pending', statusReason: 'seat_limit' };
const settings = (more: Partial<MailSettings>): MailSettings => ({ ...defaultMailSettings, version: 3, ...more });
const taken = { before: undefined, after: seated };
const left = { before: seated, after: blank };
const same = 'settings_version = ?';

describe(seatMove.name, () => {
  it.each([
    ['no limit', {}, [taken], { delta: 1, when: same, whenValues: [3] }],
    ['hard, room', { seatLimit: 5, seatPolicy: 'hard', seatsUsed: 4 }, [taken], { delta: 1, when: `${same} AND seats_used + ? <= ?`, whenValues: [3, 1, 5] }],
    ['hard, passed on', { seatLimit: 5, seatPolicy: 'hard', seatsUsed: 5 }, [taken, left], { delta: 0, when: same, whenValues: [3] }],
    ['hard, waiting', { seatLimit: 5, seatPolicy: 'hard', seatsUsed: 5 }, [{ before: undefined, after: waiting }], { delta: 0, when: `${same} AND seats_used + ? >= ?`, whenValues: [3, 0, 5] }],
    ['hard, still waiting', { seatLimit: 5, seatPolicy: 'hard', seatsUsed: 5 }, [{ before: waiting, after: waiting }], { delta: 0, when: same, whenValues: [3] }],
    ['soft, room', { seatLimit: 5, seatsUsed: 4 }, [taken], { delta: 1, when: `${same} AND seats_used + ? <= ?`, whenValues: [3, 1, 5], overLimit: [] }],
    ['soft, over', { seatLimit: 5, seatsUsed: 5 }, [taken], { delta: 1, when: `${same} AND seats_used + ? > ?`, whenValues: [3, 1, 5], overLimit: [seated] }],
    ['soft, partly over', { seatLimit: 5, seatsUsed: 4 }, [taken, taken], { delta: 2, overLimit: [seated] }],
    ['left', { seatLimit: 5, seatsUsed: 9 }, [left], { delta: -1, when: same, whenValues: [3] }],
  ] as const)('should name the condition: %s', (_, more, changes, expected) => {
    expect(seatMove(settings(more), changes)).toMatchObject(expected);
  }); // prettier-ignore
});
