/**
 * The fields of one line of a Wireshark table (a "UAT" file): separated by commas, quoted or not. Wireshark
 * escapes special characters as `\xHH`, which no field read here needs.
 */
export function csvRow(line: string): readonly string[] | undefined {
  const fields: string[] = [];
  const field = /\s*(?:"([^"]*)"|([^",]*?))\s*(,|$)/uy;
  for (;;) {
    const match = field.exec(line);
    if (match === null) return undefined;
    fields.push(match[1] ?? match[2] ?? '');
    if (match[3] === '') return fields;
  }
}
