import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MESSAGE_LIMIT, NOTIFICATION_VARIABLES, templateProblem } from '@mintaka/contract';
import { isLinear } from '@mintaka/testing/linear';
import {
  fillTemplate,
  TemplateError,
  type TemplateValue,
} from '../../../src/domain/notifications/template.ts';

function valuesOf(texts: Record<string, string>): Map<string, TemplateValue> {
  return new Map(
    Object.entries(texts).map(([name, text]) => [
      name,
      { text: () => text, shown: () => `'${text}'`, formats: true },
    ]),
  );
}

const named = valuesOf({ flow_name: 'f' });

test('a width beyond the maximum of a message is refused, and costs nothing', () => {
  for (const spec of ['>500000000', '^100001', '<99999999999999999999', '9'.repeat(5000), '>500000000.5']) {
    assert.throws(() => fillTemplate(`{flow_name:${spec}}`, named), TemplateError, spec.slice(0, 20));
  }
  assert.equal(fillTemplate('{flow_name:>5}', named), '    f');
});

test('a message of many pieces or large values is truncated at the limit, with a mark, between characters', () => {
  const large = valuesOf({ flow_name: 'x'.repeat(MESSAGE_LIMIT + 5), face: '😀'.repeat(MESSAGE_LIMIT) });
  const templates = [
    '{flow_name}',
    '{face}',
    'a{face}',
    '{flow_name!r}',
    '{flow_name:>90000}{flow_name:>90000}',
    '{flow_name:^7}'.repeat(7000),
    '{flow_name:>99999}'.repeat(5000),
    `${'y'.repeat(MESSAGE_LIMIT - 11)}{flow_name}`,
  ];
  for (const template of templates) {
    const message = fillTemplate(template, large);
    assert.ok(message.length <= MESSAGE_LIMIT && message.length >= MESSAGE_LIMIT - 1, template.slice(0, 30));
    assert.ok(message.endsWith('\n[cut at 100000 characters]'));
    assert.ok(message.isWellFormed(), template.slice(0, 30));
  }
  const whole = 'z'.repeat(MESSAGE_LIMIT);
  assert.equal(fillTemplate(whole, named), whole);
  assert.throws(() => fillTemplate(`${whole}z`, named), TemplateError);
});

test('widths and precisions count characters, not surrogates', () => {
  const faces = valuesOf({ flow_name: '😀😀😀' });
  assert.equal(fillTemplate('{flow_name:.2}', faces), '😀😀');
  assert.equal(fillTemplate('{flow_name:*^5}', faces), '*😀😀😀*');
  assert.equal(fillTemplate('{flow_name:4.1}|', faces), '😀   |');
  assert.equal(fillTemplate('{flow_name:.0}', faces), '');
});

test('values that the template does not use are not computed', () => {
  const refuse = (): string => assert.fail('it should not be computed');
  const values = new Map([
    ...named,
    ['flow_run_parameters', { text: refuse, shown: refuse, formats: false }],
  ]);
  assert.equal(fillTemplate('{flow_name}', values), 'f');
});

test('a template is validated and rendered in linear time', async () => {
  const large = valuesOf({ flow_name: 'n'.repeat(50_000) });
  const hostile: ((size: number) => string)[] = [
    (size) => `{flow_name:${'{flow_name}'.repeat(size / 11)}`,
    (size) => `{flow_name:${'{flow_name}'.repeat(size / 11)}}`,
    (size) => '{flow_name:.0}'.repeat(size / 14),
    (size) => '{flow_name:1.1}'.repeat(size / 15),
    (size) => '{'.repeat(size),
    (size) => '{flow_name:'.repeat(size / 11) + '}'.repeat(size / 11),
    (size) => `{flow_name${'[0'.repeat(size / 2)}`,
    (size) => `{flow_name${'[0]'.repeat(size / 3)}}`,
    (size) => `{flow_name${'.a'.repeat(size / 2)}}`,
    (size) => `{flow_name!${'r'.repeat(size)}}`,
    (size) => `{flow_name:${'9'.repeat(size)}}`,
    (size) => `{{${' '.repeat(size)}`,
  ];
  for (const make of hostile) {
    assert.ok(make((MESSAGE_LIMIT / 5) * 4).length <= MESSAGE_LIMIT);
    const check = (template: string) => templateProblem(template, NOTIFICATION_VARIABLES);
    const fill = (template: string) => {
      try {
        fillTemplate(template, large);
      } catch (error) {
        assert.ok(error instanceof TemplateError);
      }
    };
    assert.ok(
      isLinear((size) => check(make(size)), MESSAGE_LIMIT / 5),
      make(60),
    );
    assert.ok(
      isLinear((size) => fill(make(size)), MESSAGE_LIMIT / 5),
      make(60),
    );
  }
});
