#pragma once
int plan(void);
int plan_more(void);
