/** A revision of one's own: its text, and what is wrong with it. */
import example from 'ipsecha:example';
import type { Revision } from '../../../model/index.ts';
import type { OwnOutline, OwnText } from '../requests.ts';
import { Refusal } from './asking.ts';
import { at, fill, make } from './elements.ts';

/** What a text is called that is not from a file. */
const PASTED = 'own-revision.ts';

/**
 * Lets one give a text.
 *
 * @param take loads it
 */
export function showOwn(take: (own: OwnText) => Promise<OwnOutline>): void {
  const text = at('own-text') as HTMLTextAreaElement;
  const said = at('own-said');
  let file = PASTED;
  const taken = async (): Promise<void> => {
    fill(said, 'loads it');
    try {
      const { name, title } = await take({ file, text: text.value });
      fill(said, make('span', { class: 'badge good' }, '✓ taken'), ` ${name}: ${title}`);
    } catch (error) {
      const hint = error instanceof Refusal ? error.hint : undefined;
      fill(
        said,
        make('p', { class: 'bad-text' }, error instanceof Error ? error.message : String(error)),
        hint !== undefined && make('p', {}, hint),
      );
    }
  };
  const chosen = make('input', {
    type: 'file',
    accept: '.ts,.mts,.js,.mjs',
    onchange: async () => {
      const [given] = chosen.files ?? [];
      if (given === undefined) return;
      file = given.name;
      text.value = await given.text();
      await taken();
    },
  });
  fill(
    at('own-bar'),
    make('button', { type: 'button', class: 'main', 'data-key': 'take', onclick: taken }, 'Take it'),
    make('label', {}, make('span', {}, 'or from a file'), chosen),
    make(
      'button',
      {
        type: 'button',
        onclick: () => {
          file = PASTED;
          text.value = example;
        },
      },
      'Begin with an example',
    ),
  );
}

/** A revision of which only its form is known here: the rules themselves are in the worker. */
export function standIn({ name, title, source, policies, slots }: OwnOutline): Revision {
  const part = (names: readonly string[] | null): unknown =>
    names === null ? null : Object.fromEntries(names.map((slot) => [slot, () => undefined]));
  return {
    name,
    title,
    source,
    ...(policies === undefined ? {} : { policies: policies as NonNullable<Revision['policies']> }),
    ike: part(slots.ike) as Revision['ike'],
    esp: part(slots.esp) as Revision['esp'],
    counterSync: part(slots.counterSync) as Revision['counterSync'],
    replaySync: part(slots.replaySync) as Revision['replaySync'],
  };
}
