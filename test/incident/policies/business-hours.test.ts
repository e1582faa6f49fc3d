import { describe, expect, it } from 'vitest';
import { nextBusinessMoment } from '../../../src/incident/policies/business-hours.ts';
import type { BusinessHours } from '../../../src/incident/policies/policy.ts';

const berlin: BusinessHours = {
  zone: 'Europe/Berlin',
  days: [1, 2, 3, 4, 5],
  from: '09:00',
  to: '17:00',
  holidays: [],
};
const everyDay = [1, 2, 3, 4, 5, 6, 7];

describe('the next business moment', () => {
  it.each<[string, Partial<BusinessHours>, string, string]>([
    ['inside is itself', {}, '2026-11-23T10:15:30.123Z', '2026-11-23T10:15:30.123Z'],
    ['of the first instant is itself', {}, '2026-11-23T08:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['of the last instant is itself', {}, '2026-11-23T15:59:59.999Z', '2026-11-23T15:59:59.999Z'],
    ['before hours is the start', {}, '2026-11-23T07:59:59.999Z', '2026-11-23T08:00:00.000Z'],
    ['at the end is the next day', {}, '2026-11-23T16:00:00.000Z', '2026-11-24T08:00:00.000Z'],
    ['on Friday night is Monday', {}, '2026-11-27T20:00:00.000Z', '2026-11-30T08:00:00.000Z'],
    ['passes over a holiday', { holidays: ['2026-11-24'] }, '2026-11-23T20:00:00.000Z', '2026-11-25T08:00:00.000Z'],
    ['counts days in the zone', { zone: 'Pacific/Auckland' }, '2026-11-29T20:30:00.000Z', '2026-11-29T20:30:00.000Z'],
    ['follows summer time', {}, '2026-07-06T01:00:00.000Z', '2026-07-06T07:00:00.000Z'],
    ['over a weekend in which winter time began', {}, '2026-10-23T15:30:00.000Z', '2026-10-26T08:00:00.000Z'],
    [
      'whose start is skipped in spring is the change itself',
      { days: everyDay, from: '02:30' },
      '2026-03-29T00:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'whose start comes twice in autumn is the first',
      { days: everyDay, from: '02:30' },
      '2026-10-24T23:00:00.000Z',
      '2026-10-25T00:30:00.000Z',
    ],
    [
      'whose end comes twice in autumn ends at the first',
      { days: everyDay, from: '01:00', to: '02:30' },
      '2026-10-25T00:40:00.000Z',
      '2026-10-26T00:00:00.000Z',
    ],
    [
      'in the second 02:15 of autumn is not inside again',
      { days: everyDay, from: '01:00', to: '02:30' },
      '2026-10-25T01:15:00.000Z',
      '2026-10-26T00:00:00.000Z',
    ],
    [
      'of hours that spring skips whole is a day later',
      { days: everyDay, from: '02:10', to: '02:50' },
      '2026-03-29T00:30:00.000Z',
      '2026-03-30T00:10:00.000Z',
    ],
    [
      'where midnight is skipped is the change itself',
      { zone: 'Africa/Cairo', days: everyDay, from: '00:00', to: '24:00', holidays: ['2026-04-23'] },
      '2026-04-23T12:00:00.000Z',
      '2026-04-23T22:00:00.000Z',
    ],
    [
      'where a whole day is skipped is the day after',
      { zone: 'Pacific/Apia', days: everyDay, to: '17:00' },
      '2011-12-30T05:00:00.000Z',
      '2011-12-30T19:00:00.000Z',
    ],
    [
      'until the end of the day reaches midnight',
      { to: '24:00' },
      '2026-11-23T22:59:59.999Z',
      '2026-11-23T22:59:59.999Z',
    ],
  ])('%s', (_name, hours, at, expected) => {
    expect(nextBusinessMoment(at, { ...berlin, ...hours })).toBe(expected);
  });

  it('is found behind a long row of holidays', () => {
    const holidays = Array.from({ length: 400 }, (_, day) =>
      new Date(Date.UTC(2026, 10, 23 + day)).toISOString().slice(0, 10),
    );
    expect(nextBusinessMoment('2026-11-23T10:00:00.000Z', { ...berlin, holidays })).toBe('2027-12-28T08:00:00.000Z');
  });

  it('does not exist where no day is a business day', () => {
    expect(nextBusinessMoment('2026-11-23T10:00:00.000Z', { ...berlin, days: [] })).toBeNull();
  });

  it('does not exist where the hours are empty', () => {
    expect(nextBusinessMoment('2026-11-23T10:00:00.000Z', { ...berlin, from: '09:00', to: '09:00' })).toBeNull();
  });
});
