/**
 * The fields of one line of a Wireshark table (a "UAT" file): separated by commas, quoted or not. Wireshark
 * escapes special characters as `\xHH`, which no field read here needs.
 *
 * Looked through once, whatever stands there.
 *
 * @returns nothing if a quotation mark stands where none may
 */
export function csvRow(line: string): readonly string[] | undefined {
  const fields: string[] = [];
  for (let at = 0; ; at += 1) {
    while (at < line.length && isSpace(line[at]!)) at += 1;
    if (line[at] === '"') {
      const end = line.indexOf('"', at + 1);
      if (end < 0) return undefined;
      fields.push(line.slice(at + 1, end));
      at = end + 1;
      while (at < line.length && isSpace(line[at]!)) at += 1;
      if (at < line.length && line[at] !== ',') return undefined;
    } else {
      const comma = line.indexOf(',', at);
      const field = line.slice(at, comma < 0 ? line.length : comma);
      if (field.includes('"')) return undefined;
      fields.push(field.trim());
      at += field.length;
    }
    if (at >= line.length) return fields;
  }
}

const isSpace = (character: string): boolean => /\s/u.test(character);
