import express from 'express';

// What the app is measured against: Express, and nothing else.
const app = express();
app.get('/', (_req, res) => void res.send('hello'));
app.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
