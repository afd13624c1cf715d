/** The proofs of all certificates that are shipped, made again from the files as they are now: they say the same. */
import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { revisions } from '../../model/index.ts';
import { proveDerived } from './derived.ts';
import { derivedCertificateOf, differencesOf, readCertificate } from './derived-certificate.ts';
import { certificateFile } from './recorded.ts';
import { closeZ3, openZ3 } from './z3.ts';

afterAll(closeZ3);

const proofs = revisions.flatMap(({ name }) => {
  const file = certificateFile(name);
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  return readCertificate(text, file).proofs.map((kept) => [name, kept.property, kept] as const);
});

// Where one differs: npm run record:proofs -- PROPERTY, or all of it, which writes the certificates.
test.each(proofs)(
  '%s: %s is proved as the certificate says',
  async (_revision, _property, kept) => {
    const z3 = await openZ3();
    const result = await proveDerived(kept.question, {
      solver: `Z3 ${z3.version}`,
      ask: ({ text }) => z3.check(text, 600_000),
    });
    const [made] = derivedCertificateOf([{ question: kept.question, result }]).proofs;
    expect(made === undefined ? ['nothing is proved'] : differencesOf(kept, made)).toEqual([]);
    expect(kept.verdict).toBe('proved');
  },
  600_000,
);
