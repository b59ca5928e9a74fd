int judge(void);
