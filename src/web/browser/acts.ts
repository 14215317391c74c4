/**
 * Sends what the owner asks for, with the secret that only this page has, and shows the answer.
 */

/** Header that another site's page cannot set, with the secret that it does not know. */
const secretHeader = 'x-nocturne-secret';

/** Listens for the forms of the page that ask for something. */
export function listenForActs(refresh: () => Promise<boolean>): void {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    const act = form instanceof HTMLFormElement ? form.dataset.act : undefined;
    if (!(form instanceof HTMLFormElement) || act === undefined) return;
    event.preventDefault();
    void send(form, act).then(refresh);
  });
}

async function send(form: HTMLFormElement, act: string): Promise<void> {
  const { act: address = '', secret = '' } = document.body.dataset;
  const fields = Object.fromEntries(new FormData(form));
  const button = form.querySelector('button');
  if (button) button.disabled = true;
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [secretHeader]: secret },
      body: JSON.stringify({ act, ...fields }),
    });
    const { said } = (await answer.json()) as { readonly said: string };
    tell(said, !answer.ok);
    if (!answer.ok) return;
    form.reset();
    form.closest('details')?.removeAttribute('open');
  } catch {
    tell('The server did not answer: is `nocturne dash` still running?', true);
  } finally {
    if (button) button.disabled = false;
  }
}

function tell(text: string, isRefused: boolean): void {
  const said = document.getElementById('said');
  if (!said) return;
  said.textContent = text;
  said.classList.toggle('no', isRefused);
}
