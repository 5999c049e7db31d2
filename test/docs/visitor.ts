import request from 'supertest';

/**
 * A person with a browser without scripts: opens addresses, presses what a page offers, fills in its fields, and reads
 * what stands there. Redirects are followed, as a browser does.
 */
export interface Visitor {
  open(address: string): Promise<void>;
  /** Follows the link, or sends the form of the button, that has this text. */
  press(label: string): Promise<void>;
  /** Picks the radio button, the checkbox, or the option of a list, whose label has this text in it. */
  choose(label: string): void;
  /** Writes into the field with this label. */
  fillIn(label: string, value: string): void;
  /** The text of the page, with one blank for each run of white space. */
  text(): string;
  html(): string;
  /** Path of the page that is open, with its query. */
  address(): string;
}

export function createVisitor(origin: string): Visitor {
  const agent = request.agent(origin).set('Accept', 'text/html');
  let html = '';
  let address = '/';
  // What was written or chosen on this page, by the name of the field; of checkboxes, by name and value.
  let entered = new Map<string, string>();

  async function follow(answer: request.Response, at: string): Promise<void> {
    const { location } = answer.headers;
    if (answer.status >= 300 && answer.status < 400 && location) return open(location, at);
    html = answer.text;
    address = at;
    entered = new Map();
  }

  async function open(link: string, from = address): Promise<void> {
    const path = pathOf(link, origin + from);
    await follow(await agent.get(path), path);
  }

  async function send(form: string, button: string): Promise<void> {
    const values = new URLSearchParams(valuesOf(form, entered, button));
    const action = pathOf(
      attribute(button, 'formaction') ?? attribute(form, 'action') ?? address,
      origin + address,
    );
    if (attribute(form, 'method') !== 'post') return open(`${action.split('?')[0]}?${values}`);
    const post = agent.post(action).set('Origin', origin).type('form');
    return follow(await post.send(values.toString()), action);
  }

  return {
    open: (link) => open(link, '/'),
    async press(label) {
      const found =
        findButton(html, (text) => text === label) ??
        findButton(html, (text) => text.includes(label));
      if (!found) throw new Error(`Nothing to press says "${label}" at ${address}: ${plain(html)}`);
      return found.form
        ? send(found.form, found.element)
        : open(attribute(found.element, 'href') ?? '');
    },
    choose(label) {
      for (const [choice] of html.matchAll(/<label[^>]*>\s*<input.*?<\/label>/gs)) {
        if (!plain(choice).includes(label)) continue;
        const { name, value, type } = fieldOf(choice.slice(choice.indexOf('<input')));
        return void entered.set(type === 'checkbox' ? `${name}=${value}` : name, value);
      }
      for (const [select] of html.matchAll(/<select.*?<\/select>/gs)) {
        for (const option of optionsOf(select)) {
          if (plain(option).includes(label)) {
            return void entered.set(fieldOf(select).name, optionValue(option));
          }
        }
      }
      throw new Error(`Nothing to choose says "${label}" at ${address}: ${plain(html)}`);
    },
    fillIn(label, value) {
      for (const [whole] of html.matchAll(/<label.*?<\/label>/gs)) {
        if (!plain(whole).includes(label)) continue;
        const inside = /<input[^>]*>/.exec(whole)?.[0];
        const beside = new RegExp(`<input[^>]*id="${attribute(whole, 'for')}"[^>]*>`).exec(
          html,
        )?.[0];
        return void entered.set(fieldOf(inside ?? beside ?? '').name, value);
      }
      throw new Error(`No field "${label}" at ${address}: ${plain(html)}`);
    },
    text: () => plain(html),
    html: () => html,
    address: () => address,
  };
}

/** The first link, or else the first button, whose text passes. */
function findButton(
  html: string,
  passes: (text: string) => boolean,
): { element: string; form?: string } | undefined {
  for (const [element] of html.matchAll(/<a\s.*?<\/a>/gs)) {
    if (passes(plain(element))) return { element };
  }
  for (const [form] of html.matchAll(/<form.*?<\/form>/gs)) {
    for (const [element] of form.matchAll(/<button.*?<\/button>/gs)) {
      if (passes(plain(element))) return { element, form };
    }
  }
  return undefined;
}

/** What a form sends: its fields as they stand, or as they were entered, and the button that was pressed. */
function valuesOf(form: string, entered: Map<string, string>, button: string): [string, string][] {
  const values: [string, string][] = [];
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const { name, value, type } = fieldOf(input);
    const isChecked = /\schecked/.test(input);
    if (type === 'checkbox') {
      if (isChecked || entered.has(`${name}=${value}`)) values.push([name, value]);
    } else if (type === 'radio') {
      if (entered.has(name) ? entered.get(name) === value : isChecked) values.push([name, value]);
    } else if (name) {
      values.push([name, entered.get(name) ?? value]);
    }
  }
  for (const [select] of form.matchAll(/<select.*?<\/select>/gs)) {
    const options = optionsOf(select);
    const selected = options.find((option) => /^<option[^>]*\sselected/.test(option)) ?? options[0];
    const { name } = fieldOf(select);
    values.push([name, entered.get(name) ?? optionValue(selected ?? '')]);
  }
  const pressed = fieldOf(button);
  return pressed.name ? [...values, [pressed.name, pressed.value]] : values;
}

function fieldOf(element: string): { name: string; value: string; type: string } {
  const [name = '', value = '', type = ''] = ['name', 'value', 'type'].map((key) =>
    attribute(element, key),
  );
  return { name, value, type };
}

function optionsOf(select: string): string[] {
  return [...select.matchAll(/<option.*?<\/option>/gs)].map(([option]) => option);
}

function optionValue(option: string): string {
  return attribute(option, 'value') ?? plain(option);
}

function attribute(element: string, name: string): string | undefined {
  const value = new RegExp(`^[^>]*?\\s${name}="([^"]*)"`, 's').exec(element.trim())?.[1];
  return value === undefined ? undefined : decode(value);
}

function plain(html: string): string {
  const body = html.replace(/<(style|script|head)\b.*?<\/\1>/gs, ' ');
  return decode(body.replace(/<[^>]+>/g, ' '))
    .replace(/\s+/g, ' ')
    .replace(/ ([.,:;)])/g, '$1')
    .trim();
}

function decode(text: string): string {
  const signs: Record<string, string> = {
    lt: '<',
    gt: '>',
    quot: '"',
    '#34': '"',
    '#39': "'",
    amp: '&',
  };
  return text.replace(/&(lt|gt|quot|#34|#39|amp);/g, (_all, name: string) => signs[name] ?? '');
}

function pathOf(link: string, base: string): string {
  const url = new URL(link, base);
  return url.pathname + url.search;
}
