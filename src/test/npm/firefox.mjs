// Two windows of Firefox in one room, one of them forced onto polling: they talk, and send an image. Says what it saw, and
// fails when something was not as it should be. Driven over WebDriver BiDi, which Firefox speaks by itself.
//
//   node firefox.mjs <firefox> <page> <image>

import assert from 'node:assert/strict';
import puppeteer from 'puppeteer-core';

const [executablePath, page, image] = process.argv.slice(2);
const PATIENCE = { timeout: 60_000 };

const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
const complaints = [];
try {
  const hers = await enter('');
  const his = await enter('?transport=polling');
  const transports = await Promise.all([hers, his].map(window =>
    window.$eval('#transport', element => element.dataset.transport)));
  assert.deepEqual(transports, ['websocket', 'polling']);

  await say(hers, 'from her');
  await seen(his, 'from her');
  await say(his, 'from him');
  await seen(hers, 'from him');
  for (const window of [hers, his]) {
    await window.waitForFunction(() => document.querySelectorAll('#members li').length === 2, PATIENCE);
  }

  const file = await his.$('#file');
  await file.uploadFile(image);
  await his.waitForSelector('#attachments li', PATIENCE);
  await his.click('#send');
  for (const window of [hers, his]) {
    await window.waitForFunction(
      () => [...document.querySelectorAll('#messages img')].some(shown => shown.naturalWidth === 700), PATIENCE);
  }
  assert.deepEqual(complaints, []);
  console.log(`${await browser.version()}: two windows, by ${transports.join(' and ')}, an image`);
} finally {
  await browser.close();
}

async function enter(query) {
  const context = await browser.createBrowserContext();
  const window = await context.newPage();
  window.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warn') {
      complaints.push(message.text());
    }
  });
  window.on('pageerror', error => complaints.push(error.message));
  await window.goto(`${page}${query}#firefox`);
  await window.waitForFunction(() => document.querySelector('#state').dataset.state === 'live', PATIENCE);
  return window;
}

async function say(window, text) {
  await window.type('#text', text);
  await window.keyboard.press('Enter');
}

async function seen(window, text) {
  await window.waitForFunction(
    wanted => [...document.querySelectorAll('#messages .text')].some(shown => shown.textContent === wanted),
    PATIENCE, text);
}
